# ctxopt where there is no Python:
#
#     docker build -t ctxopt .
#     docker run --rm -v "$PWD":/w ctxopt scan
#
FROM python:3.13-slim AS build
WORKDIR /src
RUN python -m venv --without-pip /opt/ctxopt
COPY pyproject.toml README.md LICENSE ./
COPY docs/man docs/man
COPY ctxopt ctxopt
RUN pip --python /opt/ctxopt install --no-cache-dir .

FROM python:3.13-slim
COPY --from=build /opt/ctxopt /opt/ctxopt
ENV PATH=/opt/ctxopt/bin:$PATH
WORKDIR /w
ENTRYPOINT ["ctxopt"]
