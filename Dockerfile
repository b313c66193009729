# One image for every part of a cluster: `pushfleet balancer`, `pushfleet push-server`, `pushfleet apply` …

# Only what decides about dependencies, so that a change of sources does not install them again.
FROM node:26-bookworm-slim AS manifests
COPY . /sources
WORKDIR /sources
RUN mkdir /app && cp --parents package.json package-lock.json .npmrc */package.json packages/*/package.json /app

FROM node:26-bookworm-slim AS build
WORKDIR /app
COPY --from=manifests /app ./
# Without install scripts, because they would fetch the Node.js that this image has already.
RUN npm ci --ignore-scripts --loglevel=error
COPY tsconfig.json turbo.json ./
COPY packages packages
RUN DO_NOT_TRACK=1 TURBO_TELEMETRY_DISABLED=1 npx turbo run build --output-logs=errors-only \
 && find packages -name node_modules -prune -o -name src -print | xargs rm -r && rm -r packages/console/web

FROM node:26-bookworm-slim AS dependencies
WORKDIR /app
COPY --from=manifests /app ./
RUN npm ci --omit=dev --ignore-scripts --loglevel=error

FROM node:26-bookworm-slim
ENV NODE_ENV=production PUSHFLEET_STATE_DIR=/var/lib/pushfleet
COPY --from=dependencies /app /app
COPY --from=build /app/packages /app/packages
RUN chmod +x /app/packages/cli/bin/pushfleet.js \
 && ln -s /app/packages/cli/bin/pushfleet.js /usr/local/bin/pushfleet \
 && install -d -o node -g node -m 0700 /var/lib/pushfleet
USER node
WORKDIR /var/lib/pushfleet
# Assignment, admin API, console and REST; device links.
EXPOSE 13000 13299 8080 13295
ENTRYPOINT ["pushfleet"]
CMD ["--help"]
