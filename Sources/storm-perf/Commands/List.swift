import ArgumentParser

struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Names the topologies.")

    func run() {
        let width = Shape.allCases.map(\.rawValue.count).max() ?? 0
        for shape in Shape.allCases {
            let space = String(repeating: " ", count: width - shape.rawValue.count + 2)
            print(shape.rawValue + space + shape.summary)
        }
    }
}
