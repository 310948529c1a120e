import NIOHTTP1
import Testing

@testable import StormTransport

@Suite struct FirstBytesTests {
    @Test(arguments: ["GET /", "GET ", "HEAD", "HEAD / HTTP/1.1"])
    func requestsAreForPages(_ text: String) { #expect(FirstBytes.judge(Array(text.utf8)) == .page) }

    @Test(arguments: ["", "G", "GE", "GET", "H", "HEA"])
    func theBeginningOfARequestIsUndecided(_ text: String) { #expect(FirstBytes.judge(Array(text.utf8)) == .undecided) }

    @Test(arguments: ["GETX", "POST /", "get ", "HX", "x"])
    func everythingElseIsLeftToTheHandshake(_ text: String) { #expect(FirstBytes.judge(Array(text.utf8)) == .worker) }

    /// Whatever is decided for some bytes is decided for all that follow them, so drops of bytes make no difference.
    @Test func aDecisionNeverChanges() {
        for text in ["GET / HTTP/1.1", "HEAD /", "GETTING", "HEAP", "GEM", "POST"] {
            let bytes = Array(text.utf8)
            let decisions = (0...bytes.count).map { FirstBytes.judge(bytes.prefix($0)) }
            let first = decisions.firstIndex { $0 != .undecided } ?? decisions.count
            #expect(Set(decisions[first...].map { "\($0)" }).count == 1, "\(text)")
        }
    }

    /// A frame's length stands first, and no frame before the handshake is as long as a request's first four bytes say.
    @Test func noFrameLooksLikeARequest() {
        for length in 0...ControlFrame.maxBytes {
            let bytes = withUnsafeBytes(of: UInt32(length).littleEndian) { Array($0) }
            #expect(FirstBytes.judge(bytes) == .worker)
        }
    }
}

@Suite struct PageRequestTests {
    private func request(
        _ uri: String, _ method: HTTPMethod = .GET, headers: HTTPHeaders = [:]
    ) throws(PageRequest.Refusal) -> PageRequest {
        try PageRequest(HTTPRequestHead(version: .http1_1, method: method, uri: uri, headers: headers))
    }

    @Test func pathAndQueryAreTakenApart() throws {
        let request = try request("/why?component=a%20b&x=1&x=2&flag&c=%")
        #expect(request.path == "/why")
        #expect(request.query == ["component": "a b", "x": "2", "flag": "", "c": "%"])
        #expect(!request.isHead)
    }

    @Test func headIsMarked() throws { #expect(try request("/", .HEAD).isHead) }

    @Test func otherMethodsBodiesAndPathsAreRefused() {
        func status(_ uri: String, _ method: HTTPMethod = .GET, _ headers: HTTPHeaders = [:]) -> Int? {
            do throws(PageRequest.Refusal) {
                _ = try request(uri, method, headers: headers)
                return nil
            } catch {
                return error.status
            }
        }
        #expect(status("/", .POST) == 405)
        #expect(status("/", .GET, ["content-length": "5"]) == 413)
        #expect(status("/", .GET, ["transfer-encoding": "chunked"]) == 413)
        #expect(status("http://x/", .GET) == 400)
        #expect(status("/", .GET, ["content-length": "0"]) == nil)
    }
}
