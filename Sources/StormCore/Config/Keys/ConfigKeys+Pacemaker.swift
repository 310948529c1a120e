extension ConfigKeys {
    static let pacemaker: [ConfigKeyInfo] = [
        .without("pacemaker.servers", .stringList, [], noPacemaker),
        .without("pacemaker.port", .number, 6699, noPacemaker),
        .without("pacemaker.max.threads", .number, 50, noPacemaker),
        .without("pacemaker.auth.method", .string, "NONE", noPacemaker),
        .without("pacemaker.thrift.message.size.max", .int, 10_485_760, noPacemaker),
    ]
}
