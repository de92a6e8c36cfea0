# syntax=docker/dockerfile:1
FROM node:26-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json ./
COPY src ./src
COPY tools/build ./tools/build
ARG REVISION=unknown
RUN AWSSCAN_REVISION=$REVISION npm run --silent build

FROM gcr.io/distroless/nodejs24-debian12:nonroot
COPY --from=build /src/dist /app
WORKDIR /app
USER 65532:65532
EXPOSE 8080 8081
ENTRYPOINT ["/nodejs/bin/node", "/app/awsscan.js"]
CMD ["operator"]
