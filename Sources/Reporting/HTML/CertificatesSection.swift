import AuditModel
import MeshModel

/// Who issues identities, who holds them, until when, and how they were renewed.
extension OfficerPage {
  /// Bars of one timeline; the table below it has all.
  private static var timelineLimit: Int { 24 }
  /// A certificate that lives longer is drawn: a workload's ends within a day or two.
  private static var drawnLifetimeDays: Int64 { 7 }

  func writeCertificates(_ page: inout HTMLWriter) {
    guard let overview = report.certificates, !overview.domains.isEmpty else {
      page.paragraph(
        "No certificate was given, so nothing is said here about who holds which identity.")
      return
    }
    page.paragraph(
      "What the certificates of this run say, by the trust domain of their identities. Chains were "
        + "built and verified within these certificates only and without revocation: what revocation "
        + "lists among the inputs take back, IC-046 to IC-048 say.")
    for domain in overview.domains { write(domain, to: &page) }
    if let keys = overview.keys, !keys.isEmpty { write(keys, to: &page) }
  }

  /// Information, without a finding.
  private func write(_ keys: [CertificateOverview.KeyLine], to page: inout HTMLWriter) {
    page.element("h3", text: "Keys and post-quantum readiness")
    page.newLine()
    page.table(
      "Kinds of keys",
      [
        .text("Key"), .text("Against a quantum computer"), .number("Certificates"),
        .number("Of them CAs"), .text("Last CA until"),
      ]
    ) { page in
      for line in keys {
        page.row { page in
          page.rowHeader { $0.text(line.algorithm) }
          page.cell(
            line.algorithm == "unknown"
              ? "not told" : line.isPostQuantum ? "holds, as far as is known" : "breaks")
          page.cell(line.certificateCount)
          page.cell(line.authorityCount)
          page.cell { page in
            if line.authorityCount == 0 {
              page.text("no CA")
            } else {
              write(line.lastAuthorityEnd, to: &page)
            }
          }
        }
      }
    }
    page.paragraph(
      "NIST means to deprecate RSA and elliptic curves of 112 bits of security after 2030 and to disallow "
        + "all of them after 2035 (NIST IR 8547, initial public draft of November 2024). This table is "
        + "information; no finding follows from it.", class: "note")
  }

  private func write(_ domain: CertificateOverview.Domain, to page: inout HTMLWriter) {
    page.element("h3") { page in
      if let name = domain.trustDomain {
        page.text("Trust domain ")
        page.code(name)
      } else {
        page.text("Certificates outside a trust domain")
      }
    }
    page.newLine()
    let anchors = domain.authorities.count { $0.role == .anchor }
    let ended = domain.identities.count { $0.notAfter.map { $0 < report.run.asOf } ?? false }
    page.facts([
      ("Trust anchors", { $0.text(Count.grouped(anchors)) }),
      ("Issuing CAs", { $0.text(Count.grouped(domain.authorities.count - anchors)) }),
      (
        domain.trustDomain == nil ? "Names with certificates" : "Identities with certificates",
        { $0.text(Count.grouped(domain.identityCount)) }
      ),
      ("Without a valid certificate", { $0.text(Count.grouped(ended)) }),
    ])
    writeTimeline(domain, to: &page)
    writeAuthorities(domain, to: &page)
    writeIdentities(domain, to: &page)
  }

  private func writeTimeline(_ domain: CertificateOverview.Domain, to page: inout HTMLWriter) {
    let authorities = domain.authorities.filter {
      !isFollowed($0, in: domain)
    }.compactMap { authority in
      authority.notAfter.map { end in
        ExpiryTimeline.Line(
          name: authority.name, notAfter: end,
          isUrgent: end.secondsSince(report.run.asOf) < ExpiryTimeline.rotationDays * 86_400)
      }
    }
    let long = domain.identities.compactMap { identity -> ExpiryTimeline.Line? in
      guard let start = identity.notBefore, let end = identity.notAfter,
        end.secondsSince(start) > OfficerPage.drawnLifetimeDays * 86_400
      else { return nil }
      return ExpiryTimeline.Line(
        name: identity.name, notAfter: end,
        isUrgent: CertificateOverview.isInLastThird(identity, at: report.run.asOf) ?? true)
    }
    let lines = (authorities + long).sorted {
      $0.notAfter == $1.notAfter ? $0.name < $1.name : $0.notAfter < $1.notAfter
    }
    guard !lines.isEmpty else { return }
    ExpiryTimeline(
      asOf: report.run.asOf, lines: Array(lines.prefix(OfficerPage.timelineLimit))
    ).write(to: &page)
    if lines.count > OfficerPage.timelineLimit {
      page.paragraph(
        "The \(OfficerPage.timelineLimit) that end first of "
          + "\(Count.of(lines.count, "certificate")).", class: "note")
    }
    if long.count < domain.identities.count {
      page.paragraph(
        "Certificates of workloads that live for \(OfficerPage.drawnLifetimeDays) days or less are not drawn: "
          + "the table has their ends.", class: "note")
    }
  }

  private func writeAuthorities(_ domain: CertificateOverview.Domain, to page: inout HTMLWriter) {
    guard !domain.authorities.isEmpty else {
      page.paragraph("No CA of it is among the inputs, so no chain could be verified.")
      return
    }
    page.table(
      "Who issues\(suffix(of: domain))",
      [
        .text("Certificate"), .text("As"), .text("From"), .text("Until"), .text("Days left"),
        .number("Chains over it"),
      ]
    ) { page in
      for authority in domain.authorities {
        page.row { page in
          page.rowHeader { $0.breakable(authority.name) }
          page.cell(authority.role == .anchor ? "trust anchor" : "issuing CA")
          page.cell { write(authority.notBefore, to: &$0) }
          page.cell { write(authority.notAfter, to: &$0) }
          page.cell {
            $0.text(
              isFollowed(authority, in: domain)
                ? "followed by a newer one" : daysLeft(authority.notAfter))
          }
          page.cell(authority.chainCount)
        }
      }
    }
  }

  private func writeIdentities(_ domain: CertificateOverview.Domain, to page: inout HTMLWriter) {
    guard !domain.identities.isEmpty else {
      page.paragraph("No certificate of a workload is among the inputs.")
      return
    }
    page.table(
      "Newest certificate and rotation\(suffix(of: domain))",
      [
        .text(domain.trustDomain == nil ? "Name" : "Identity"), .text("Until"),
        .text("Left of its life"),
        .text("Chain"), .number("Known"), .text("Renewed after"), .text("Longest gap"),
        .text("Key on renewal"),
      ]
    ) { page in
      for identity in domain.identities {
        page.row { page in
          page.rowHeader { $0.breakable(identity.name) }
          page.cell { write(identity.notAfter, to: &$0) }
          page.cell(remaining(identity))
          page.cell(OfficerPage.text(of: identity.chain))
          page.cell(identity.certificateCount)
          let unknown = identity.certificateCount > 1 ? "not seen" : "only one"
          page.cell(identity.usualIntervalSeconds.map { OfficerPage.span($0) } ?? unknown)
          page.cell(
            identity.longestGapSeconds.map { $0 == 0 ? "none" : OfficerPage.span($0) } ?? unknown)
          page.cell(identity.keepsKey.map { $0 ? "kept" : "new" } ?? "only one")
        }
      }
    }
    page.paragraph(
      "Known are the certificates of all runs in the database. A renewal is seen where one inventory shows "
        + "both certificates; pods of one service account hold certificates of their own, so renewals may "
        + "seem to come earlier than they do.",
      class: "note")
    if domain.identityCount > domain.identities.count {
      page.paragraph(
        "The \(Count.grouped(domain.identities.count)) that end first of "
          + "\(Count.grouped(domain.identityCount)).", class: "note")
    }
  }

  private func isFollowed(
    _ authority: CertificateOverview.Authority, in domain: CertificateOverview.Domain
  ) -> Bool {
    report.certificates?.isFollowed(authority, in: domain) ?? false
  }

  /// ` in prod.example`, so that captions differ.
  private func suffix(of domain: CertificateOverview.Domain) -> String {
    domain.trustDomain.map { " in \($0)" } ?? " outside a trust domain"
  }

  private func write(_ time: UTCTime?, to page: inout HTMLWriter) {
    if let time { page.time(time) } else { page.text("not told") }
  }

  private func daysLeft(_ end: UTCTime?) -> String {
    guard let end else { return "not told" }
    let left = end.secondsSince(report.run.asOf)
    return left < 0 ? "ended" : Count.grouped(Int(left / 86_400))
  }

  /// `20 of 30 days`, `10 of 24 h`, with what follows from it.
  private func remaining(_ identity: CertificateOverview.Identity) -> String {
    guard let start = identity.notBefore, let end = identity.notAfter else { return "not told" }
    let life = end.secondsSince(start)
    let left = end.secondsSince(report.run.asOf)
    if left < 0 { return "ended, of \(OfficerPage.span(life))" }
    let inDays = life >= 3 * 86_400
    let text = "\(left / (inDays ? 86_400 : 3_600)) of \(OfficerPage.span(life))"
    let isLate = CertificateOverview.isInLastThird(identity, at: report.run.asOf) ?? false
    return isLate ? text + ", renewal overdue" : text
  }

  /// `24 h`, `90 days`.
  private static func span(_ seconds: Int64) -> String {
    if seconds < 7_200 { return "\(max(seconds, 0) / 60) min" }
    if seconds < 3 * 86_400 { return "\(seconds / 3_600) h" }
    return "\(seconds / 86_400) days"
  }

  private static func text(of outcome: CertificateChain.Outcome?) -> String {
    switch outcome {
    case .complete: "holds"
    case .broken: "does not hold"
    case .missingIssuer: "issuer not given"
    case .ambiguous: "several issuers fit"
    case .notVerifiable: "not verifiable"
    case nil: "not built"
    }
  }
}
