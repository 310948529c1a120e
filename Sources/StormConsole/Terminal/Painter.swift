/// Colours for a terminal, and nothing at all for a file or a pipe. Pure.
package struct Painter: Sendable {
    package enum Colour: Int, Sendable {
        case red = 31
        case green = 32
        case yellow = 33
        case cyan = 36
    }

    /// Leaves texts as they are.
    package static let plain = Painter(isOn: false)

    private let isOn: Bool

    package init(isOn: Bool) { self.isOn = isOn }

    /// Colours are for terminals that know them, and for people who have not said `NO_COLOR` (https://no-color.org).
    package init(isTerminal: Bool, environment: [String: String]) {
        let isRefused = !(environment["NO_COLOR"] ?? "").isEmpty
        self.init(isOn: isTerminal && !isRefused && environment["TERM"] != "dumb")
    }

    package func paint(_ text: String, _ colour: Colour) -> String {
        isOn ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// A topology's status in its colour; another text as it is.
    package func status(_ status: String, shown text: String) -> String {
        switch status {
        case "ACTIVE": paint(text, .green)
        case "INACTIVE": paint(text, .yellow)
        case "REBALANCING": paint(text, .cyan)
        case "KILLED": paint(text, .red)
        default: text
        }
    }
}
