# The operator's image: see docs/image.md. Versions are whole tags; the bot of dependency updates adds their digests
# (renovate.json), which cannot be known without asking the registries.

# Of the image's own platform: what runs is the Node.js that the tests ran on (a test holds it to package.json).
FROM node:26.10.0-bookworm-slim AS node

# JavaScript is the same on every platform: checked, tested and bundled once, without emulation.
FROM --platform=$BUILDPLATFORM node:26.10.0-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
# A bundle that was not checked does not come to be. What needs a control plane has run before a release is tagged.
RUN npm run --silent check && npx vitest run --project unit
ARG REVISION=unknown
RUN AWSSCAN_REVISION="$REVISION" npm run --silent build

# glibc, libstdc++, certificates, time zones, a user 65532: no shell, no package manager.
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/LICENSE /usr/local/share/doc/node/LICENSE
# Node.js asks for it, distroless has it not. The folder before it is named after the processor; ld.so looks in this one.
COPY --from=node /usr/lib/*-linux-gnu/libatomic.so.1* /usr/lib/
COPY --from=build /src/dist /app
WORKDIR /app
USER 65532:65532
EXPOSE 8080 8081
ENTRYPOINT ["/usr/local/bin/node", "/app/awsscan.js"]
CMD ["operator"]
ARG VERSION=unknown
ARG REVISION=unknown
# RFC 3339, of the commit: the same commit makes the same image.
ARG CREATED=1970-01-01T00:00:00Z
ARG SOURCE=https://awsaccountscan.dev
LABEL org.opencontainers.image.title="aws-account-scan-operator" \
      org.opencontainers.image.description="Kubernetes operator that keeps AWS accounts free of SageMaker notebooks with direct internet access" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.url="https://awsaccountscan.dev" \
      org.opencontainers.image.documentation="https://awsaccountscan.dev" \
      org.opencontainers.image.source="$SOURCE" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.created="$CREATED"
