"""What `ctxopt write` shows and asks: see `dialogue`."""
