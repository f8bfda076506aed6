import AuditModel
import MeshModel

/// `report.html`: the page that a compliance officer reads, prints and signs.
///
/// One file that loads nothing: complete without style sheet and without scripts (it has none), because
/// CI servers strip both from archived pages. The style sheet's hash stands in the page's policy.
struct OfficerPage {
  /// Findings of one rule and severity on the page; totals are always exact.
  static let findingLimit = 200
  /// Diagnostics on the page.
  static let diagnosticLimit = 500

  let figures: ReportFigures
  let options: ReportOptions
  var report: AuditReport { figures.report }
  /// Fingerprints of the findings that have their place on the page.
  private let shown: Set<String>

  init(_ figures: ReportFigures, options: ReportOptions) {
    self.figures = figures
    self.options = options
    let open = figures.failGroups.flatMap { $0.findings.prefix(OfficerPage.findingLimit) }
    let waived = figures.findings.lazy.filter { $0.status == .waived }
      .prefix(OfficerPage.findingLimit)
    shown = Set(open.map(\.fingerprint) + waived.map(\.fingerprint))
  }

  /// The subject of a finding, as a link where the page has it.
  func writeLink(to finding: Finding, _ page: inout HTMLWriter) {
    if shown.contains(finding.fingerprint) {
      page.element("a", [.link(to: finding.fingerprint)], text: finding.label)
    } else {
      page.text(finding.label)
    }
  }

  /// The id of a rule, as a link where the page has its method.
  func writeLink(toRule id: String, _ page: inout HTMLWriter) {
    page.element("span", [.class("rule-id")]) { page in
      if figures.rule(id) != nil {
        page.element("a", [.link(to: "method-\(id)")], text: id)
      } else {
        page.text(id)
      }
    }
  }

  /// The sections in reading order: what is decided first, then why, then how.
  private var sections: [(id: String, title: String, write: (inout HTMLWriter) -> Void)] {
    [
      ("verdict", "Verdict", writeVerdict),
      ("scope", "Scope and coverage", writeScope),
      ("meshes", "Meshes side by side", writeMeshes),
      ("use", "Granted and used", writeUse),
      ("changes", "Changes and trend", writeChanges),
      ("systems", "By AI system", writeSystems),
      ("findings", "Findings", writeFindings),
      ("traffic", "Observed traffic", writeTraffic),
      ("certificates", "Identities and certificates", writeCertificates),
      ("controls", "By control", writeControls),
      ("waivers", "Waivers", writeWaivers),
      ("not-assessed", "Not assessed", writeNotAssessed),
      ("method", "Method", writeMethod),
      ("inputs", "Inputs", writeInputs),
      ("diagnostics", "Diagnostics", writeDiagnostics),
      ("limits", "Limits", writeLimits),
      ("glossary", "Glossary", writeGlossary),
    ]
  }

  func rendered() throws(ReportingError) -> [UInt8] {
    let sheet = try StyleSheet(options.styleSheet, run: report.run)
    var page = HTMLWriter()
    page.raw("<!DOCTYPE html>\n")
    page.element("html", [.lang("en"), .xhtml]) { page in
      writeHead(&page, sheet)
      page.newLine()
      page.element("body") { page in
        page.element("a", [.class("skip"), .link(to: "verdict")], text: "Skip to the verdict")
        writeMasthead(&page)
        page.element("div", [.class("frame")]) { page in
          writeContents(&page)
          page.element("main", [.id("main")]) { page in
            for section in sections {
              page.newLine()
              page.element("section", [.id(section.id), .labelledBy("h-\(section.id)")]) { page in
                page.element("h2", [.id("h-\(section.id)")], text: section.title)
                section.write(&page)
              }
            }
          }
        }
        writeFooter(&page)
      }
    }
    page.newLine()
    return page.bytes
  }

  private func writeHead(_ page: inout HTMLWriter, _ sheet: StyleSheet) {
    let isInline = options.htmlAssets == .inline
    let styleSource = isInline ? sheet.policySource : "'self'"
    page.element("head") { page in
      page.void("meta", [.charset("utf-8")])
      page.void(
        "meta",
        [
          .httpEquiv("Content-Security-Policy"),
          .content(
            "default-src 'none'; style-src \(styleSource); base-uri 'none'; form-action 'none'"),
        ])
      page.void("meta", [.name("viewport"), .content("width=device-width, initial-scale=1")])
      page.void("meta", [.name("referrer"), .content("no-referrer")])
      page.void("meta", [.name("color-scheme"), .content("light dark")])
      page.element(
        "title", text: "\(options.title): \(VerdictText.headline(figures))\(clusterSuffix)")
      page.newLine()
      if isInline {
        page.style(sheet)
      } else {
        page.void("link", [.rel("stylesheet"), .styleSheet])
      }
    }
  }

  /// The cluster's name behind a comma, when it was given.
  private var clusterSuffix: String {
    report.run.cluster.isEmpty ? "" : ", \(report.run.cluster)"
  }

  private func writeMasthead(_ page: inout HTMLWriter) {
    page.element("header", [.class("masthead")]) { page in
      page.element("h1", text: options.title)
      page.element("p", [.class("identity")]) { page in
        if !report.run.cluster.isEmpty {
          page.text("Cluster ")
          page.element("strong", text: report.run.cluster)
          page.text(", as of ")
        } else {
          page.text("As of ")
        }
        page.time(report.run.asOf)
        page.text(", run ")
        page.code(report.run.id)
      }
    }
  }

  private func writeContents(_ page: inout HTMLWriter) {
    page.newLine()
    page.element("nav", [.label("Contents")]) { page in
      page.element("ol") { page in
        for section in sections {
          page.element("li") { $0.element("a", [.link(to: section.id)], text: section.title) }
        }
      }
    }
  }

  private func writeFooter(_ page: inout HTMLWriter) {
    page.newLine()
    page.element("footer") { page in
      page.element("p") { page in
        page.text("Run ")
        page.code(report.run.id)
        page.text(", meshaudit \(report.run.toolVersion), rule packs ")
        page.code(report.run.rulesDigest)
        page.text(". Absence of findings is not a statement of conformity.")
      }
    }
  }
}
