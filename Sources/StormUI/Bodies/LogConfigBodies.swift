import FoundationEssentials
import StormCore
import StormThrift

/// `topology/{id}/logconfig`: levels that are set while a topology runs.
enum LogConfigBodies {
    static func levels(_ config: Thrift.LogConfig?) -> ConfigValue {
        let levels = (config?.namedLoggerLevel ?? [:]).mapValues { level in
            ConfigValue.map([
                "target_level": .text(level.targetLogLevel), "reset_level": .text(level.resetLogLevel),
                "timeout": .count(level.resetLogLevelTimeoutSecs),
                "timeout_epoch": .count(level.resetLogLevelTimeoutEpoch),
            ])
        }
        return ["namedLoggerLevels": .map(levels)]
    }

    private struct Change: Decodable {
        struct Level: Decodable {
            var target: String?
            var timeout: Int32?

            enum CodingKeys: String, CodingKey {
                case target = "target_level"
                case timeout
            }
        }

        var namedLoggerLevels: [String: Level]
    }

    /// Of a body like the answer; a level that is null is taken away.
    static func change(_ body: [UInt8]) throws -> Thrift.LogConfig {
        let change: Change
        do {
            change = try JSONDecoder().decode(Change.self, from: Data(body))
        } catch {
            throw RestError.badRequest(
                #"the body must be like {"namedLoggerLevels": {"NAME": {"target_level": "DEBUG", "timeout": 60}}}"#)
        }
        return Thrift.LogConfig(
            namedLoggerLevel: change.namedLoggerLevels.mapValues { level in
                guard let target = level.target else { return Thrift.LogLevel(action: .remove) }
                return Thrift.LogLevel(
                    action: .update, targetLogLevel: target, resetLogLevelTimeoutSecs: level.timeout ?? 0)
            })
    }
}
