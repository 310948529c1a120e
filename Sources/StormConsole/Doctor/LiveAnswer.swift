import FoundationEssentials

/// What tells a worker's `/livez` from another program's page.
struct LiveAnswer: Decodable {
    let topologyID: String

    enum CodingKeys: String, CodingKey { case topologyID = "topology_id" }

    init?(_ answer: PageClient.Answer) {
        // What is not of this form is no worker.
        guard let content = try? JSONDecoder().decode(LiveAnswer.self, from: Data(answer.body)) else { return nil }
        self = content
    }
}
