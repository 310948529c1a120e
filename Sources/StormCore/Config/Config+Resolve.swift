extension Config {
    /// Puts layers on top of each other, the last one on top, over the defaults.
    ///
    /// Every setting of every layer is checked, also one that a later layer hides: a file with a fault in it is to be
    /// mended, not to be lucky.
    /// - Throws: all faults at once.
    public static func resolve(_ layers: [ConfigLayer]) throws(ConfigFaults) -> Config {
        var settings: [String: ConfigSetting] = [:]
        var notices: [ConfigNotice] = []
        var faults: [ConfigFault] = []
        for setting in layers.lazy.flatMap(\.settings) {
            guard let info = ConfigKeys.byName[setting.name] else {
                notices.append(notice(unknown: setting))
                settings[setting.name] = setting
                continue
            }
            guard let normal = info.accepted(setting.value) else {
                faults.append(fault(setting, info))
                continue
            }
            if case .withoutMeaning(let reason) = info.standing {
                // Storm's own default promises nothing: only another value is believed to protect.
                let protects = ConfigKeys.unprotected.contains(reason) && normal != info.defaultValue
                notices.append(
                    ConfigNotice(
                        key: setting.name,
                        protects ? .withoutProtection(reason: reason) : .withoutMeaning(reason: reason),
                        at: setting.origin))
            }
            settings[setting.name] = ConfigSetting(setting.name, normal, from: setting.origin)
        }
        guard faults.isEmpty else { throw ConfigFaults(faults) }
        return Config(settings: settings, notices: notices)
    }

    /// This configuration with `layer` on top: a topology's settings over the cluster's, a component's over the
    /// topology's. Notices are those of `layer` alone; this configuration's own have been told already.
    public func overlaid(by layer: ConfigLayer) throws(ConfigFaults) -> Config {
        let upper = try Config.resolve([layer])
        let both = try Config.resolve([self.layer, upper.layer])
        return both.withNotices(upper.notices)
    }

    private static func notice(unknown setting: ConfigSetting) -> ConfigNotice {
        let suggestion = KeySuggestion.nearest(to: setting.name, among: ConfigKeys.byName.keys)
        let section = String(setting.name.prefix { $0 != "." })
        let looksLikeOurs = section != setting.name && ConfigKeys.sections.contains(section)
        return ConfigNotice(
            key: setting.name,
            looksLikeOurs ? .unknownSystemKey(suggestion: suggestion) : .unknownKey(suggestion: suggestion),
            at: setting.origin)
    }
}
