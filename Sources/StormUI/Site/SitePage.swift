import StormRuntime

/// The page for people: one file, which reads the REST interface by itself and needs nothing from elsewhere.
enum SitePage {
    static func page(title: String) -> Page {
        var page = Page(contentType: "text/html; charset=utf-8", body: Array(text(title).utf8))
        page.headers = [
            "x-content-type-options": "nosniff", "x-frame-options": "DENY",
            "content-security-policy":
                "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; img-src data:",
        ]
        return page
    }

    private static func text(_ title: String) -> String {
        var text = String(decoding: PackageResources.index_html, as: UTF8.self)
        let plain = title.filter { !"<>&".contains($0) }
        if let range = text.firstRange(of: "<title>Storm UI</title>") {
            text.replaceSubrange(range, with: "<title>\(plain)</title>")
        }
        return text
    }
}
