# syntax=docker/dockerfile:1
FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
# The checked queries compile from .sqlx; no database is needed here.
ENV SQLX_OFFLINE=true
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --no-default-features && cp target/release/clientele /clientele

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates tzdata \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /clientele /usr/local/bin/clientele
USER 10001:10001
# The image holds no PostgreSQL: DATABASE_URL, TOKEN_SIGNING_KEY and MASTER_KEY must be given.
ENV APP_ENV=production HOST=0.0.0.0 PORT=8080 LOG_FORMAT=json
EXPOSE 8080
ENTRYPOINT ["clientele"]
CMD ["serve"]
