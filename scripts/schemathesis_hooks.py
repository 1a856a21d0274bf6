"""How Schemathesis sends newline-delimited JSON: a body it made up is one text."""

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def as_ndjson(ctx, value):
    return value if isinstance(value, bytes) else str(value).encode()
