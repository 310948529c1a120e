extension ConfigKeys {
    static let logviewer: [ConfigKeyInfo] = [
        .int(
            "logviewer.port", 8000, must: .anyPort,
            "port on which storm logviewer shows the logs of a machine's workers; 0: any free one"
        ),
        .without("logviewer.childopts", .stringOrList, "-Xmx128m", noJVM),
        .int(
            "logviewer.cleanup.interval.secs", nil, must: .atLeast(1), unit: .seconds,
            "how often a supervisor and a log viewer delete old logs of workers; unset: every 600 seconds"
        ),
        .int(
            "logviewer.cleanup.age.mins", 10080, must: .atLeast(1), unit: .minutes,
            "age at which a log is deleted, unless a worker writes to it"),
        .number(
            "logviewer.max.sum.worker.logs.size.mb", 4096, must: .positive, unit: .megabytes,
            "most that the logs of all workers of a machine take"
        ),
        .number(
            "logviewer.max.per.worker.logs.size.mb", 2048, must: .positive, unit: .megabytes,
            "most that the logs of one worker take"
        ),
        .without("logviewer.appender.name", .string, "A1", ownLogging),
        .without("logviewer.filter", .string, noAuthPlugins),
        .without("logviewer.disable.http.binding", .bool, true, noTLS),
        .without("logviewer.https.port", .int, noTLS),
        .without("logs.users", .stringOrList, noUsers),
        .without("logs.groups", .stringOrList, noUsers),
    ]
}
