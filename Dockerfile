# Builds with BuildKit. The database and the secrets made at first start live in the volume /data.
#
#   docker build -t roundhouse .
#   docker run -p 8080:8080 -v roundhouse:/data roundhouse
#
# BINARY=prebuilt takes a file `roundhouse` out of the build context instead of compiling (deploy/test-image.sh).
ARG WEB_IMAGE=node:22-bookworm-slim
ARG BUILD_IMAGE=rust:1.95-bookworm
ARG BASE_IMAGE=debian:bookworm-slim
ARG BINARY=build

FROM ${WEB_IMAGE} AS web
WORKDIR /src/web
COPY web/package.json web/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY web .
RUN npm run build

FROM ${BUILD_IMAGE} AS build
WORKDIR /src
COPY . .
COPY --from=web /src/web/dist web/dist
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --package roundhouse \
    && install -D target/release/roundhouse /out/roundhouse

FROM scratch AS prebuilt
COPY roundhouse /out/roundhouse

FROM ${BINARY} AS binary

FROM ${BASE_IMAGE}
ARG VERSION=dev
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Roundhouse" \
      org.opencontainers.image.description="A gateway to every language model, in one binary" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

# Certificates for calls to providers, and the one folder that is written to; the user needs no name.
RUN if [ ! -e /etc/ssl/certs/ca-certificates.crt ]; then \
      apt-get update \
      && apt-get install --yes --no-install-recommends ca-certificates \
      && rm -rf /var/lib/apt/lists/*; \
    fi \
    && install --directory --owner=65532 --group=65532 --mode=0700 /data
COPY --from=binary /out/roundhouse /usr/local/bin/roundhouse

USER 65532:65532
ENV ROUNDHOUSE_DATA_DIR=/data
# Where roundhouse.yaml is looked for: mount a folder that has one.
WORKDIR /config
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=3s --start-period=15s --retries=3 \
  CMD ["/usr/local/bin/roundhouse", "healthcheck"]
ENTRYPOINT ["/usr/local/bin/roundhouse"]
CMD ["serve"]
