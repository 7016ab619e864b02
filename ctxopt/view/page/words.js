// Words: sizes, seconds, shares and counts, as ctxopt says them everywhere.

const UNITS = ["kB", "MB", "GB", "TB", "PB", "EB"];
const THOUSANDS = new Intl.NumberFormat("en-US");
const grouped = (number) => THOUSANDS.format(number);

function size(count) {
  if (count < 0) return `−${size(-count)}`;
  if (count < 1000) return `${count} B`;
  let value = count;
  for (const unit of UNITS) {
    value /= 1000;
    if (value < 99.995) return `${value.toFixed(2)} ${unit}`;
    if (value < 999.95) return `${value.toFixed(1)} ${unit}`;
  }
  return `${grouped(Math.round(value))} EB`;
}

function seconds(time) {
  if (time < 0.01) return "<0.01 s";
  if (time < 0.995) return `${time.toFixed(2)} s`;
  if (time < 9.95) return `${time.toFixed(1)} s`;
  return time < 119.5 ? `${time.toFixed(0)} s` : `${(time / 60).toFixed(0)} min`;
}

function share(part, whole) {
  if (whole <= 0 || part <= 0) return "0 %";
  if (part >= whole) return "100 %";
  const percent = Math.round((100 * part) / whole);
  if (percent === 0) return "<1 %";
  return percent === 100 ? ">99 %" : `${percent} %`;
}

function counted(number, noun) {
  if (number === 1) return `1 ${noun}`;
  const plural = noun.endsWith("y") ? `${noun.slice(0, -1)}ies` : `${noun}s`;
  return `${grouped(number)} ${plural}`;
}
