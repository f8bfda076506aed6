package import AuditModel
import GRDB

extension AuditStore {
  /// The figures of the current run, as the view has them.
  package func meshComparison() throws(StoreError) -> MeshComparison {
    try read { connection in
      let rows = try Row.fetchAll(connection, sql: "select * from mesh_comparison")
      return MeshComparison(
        figures: rows.compactMap { row in
          MeshComparison.Measure(rawValue: row["measure"]).map { measure in
            MeshComparison.Figure(
              mesh: row["mesh"], measure: measure, count: row["amount"], total: row["total"])
          }
        })
    }
  }
}
