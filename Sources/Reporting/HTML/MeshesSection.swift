import AuditModel

/// Istio, Linkerd and what stands outside, by the same figures.
extension OfficerPage {
  func writeMeshes(_ page: inout HTMLWriter) {
    guard let comparison = report.meshes, !comparison.meshes.isEmpty else {
      page.paragraph("No workload is known.")
      return
    }
    let meshes = comparison.meshes
    page.paragraph(
      "The same figures of the workloads of each mesh, and of those outside. They tell of what is set up "
        + "and seen here, not of what a mesh could do. The rows behind a figure are in the view named "
        + "beside it, those of this table in the view mesh_comparison.")
    for chapter in MeshMeasureWords.chapters {
      let measures = chapter.measures.filter { words in
        meshes.contains { comparison.figure(words.measure, of: $0) != nil }
      }
      guard !measures.isEmpty else { continue }
      page.table(
        chapter.title,
        [.text("Figure")] + meshes.map { .number(MeshMeasureWords.name(ofMesh: $0)) }
          + [.text("View")], class: "meshes"
      ) { page in
        for words in measures {
          page.row { page in
            page.rowHeader { $0.text(words.title) }
            for mesh in meshes { page.share(comparison.figure(words.measure, of: mesh)) }
            page.cell { $0.code(words.view) }
          }
        }
      }
    }
  }
}

extension HTMLWriter {
  /// `12 of 14 (85 %)`; a dash where nothing is known of the whole.
  fileprivate mutating func share(_ figure: MeshComparison.Figure?) {
    guard let figure else {
      element("td", [.class("number zero")], text: "–")
      return
    }
    guard let total = figure.total else {
      cell(figure.count)
      return
    }
    let percent = figure.count * 100 / max(total, 1)
    element(
      "td", [.class("number")],
      text: "\(Count.grouped(figure.count)) of \(Count.grouped(total)) (\(percent) %)")
  }
}
