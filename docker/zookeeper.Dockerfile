# ZooKeeper as Debian packages it: one server, or one of an ensemble (ZOO_SERVERS, ZOO_MY_ID).
# Build from the top folder: docker build -t storm-zookeeper -f docker/zookeeper.Dockerfile .

FROM debian:bookworm-slim
# The JRE's alternatives need a man folder, which slim images lack. The package brings the user zookeeper.
RUN mkdir -p /usr/share/man/man1 \
    && apt-get update -q \
    && apt-get install -y -q --no-install-recommends default-jre-headless zookeeper \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -o zookeeper -g zookeeper /data
COPY docker/zoo.cfg /etc/zookeeper/conf/zoo.cfg
COPY docker/zookeeper-start.sh /usr/local/bin/zookeeper-start
ENV JVMFLAGS="-Xmx256m -XX:+ExitOnOutOfMemoryError"
USER zookeeper
VOLUME ["/data"]
EXPOSE 2181 2888 3888
HEALTHCHECK --interval=5s --timeout=5s --start-period=20s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/localhost/2181; echo srvr >&3; grep -q Mode <&3"]
CMD ["zookeeper-start"]
