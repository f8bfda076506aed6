import AuditModel
import GRDB
import MeshModel

/// Writes what a change does.
enum ChangeWriter {
  static func write(
    _ change: ConfigurationChange, _ connection: Database, runID: Int64, locations: LocationWriter
  ) throws {
    let access = try RowWriter(
      connection, table: "access_changes",
      columns: [
        "run_id", "kind", "source", "destination", "sources", "destinations", "is_unauthenticated",
        "opened", "closed",
        "before", "after", "cause", "location_id",
      ])
    for line in change.access {
      try access.insert([
        runID, line.kind, line.source, line.destination, JSONText.array(line.sources),
        JSONText.array(line.destinations),
        line.isUnauthenticated, JSONText.array(line.opened), JSONText.array(line.closed),
        line.before, line.after, line.cause, try locations.id(line.location),
      ])
    }
    let requests = try RowWriter(
      connection, table: "replayed_requests",
      columns: [
        "run_id", "effect", "source", "destination", "operation", "request_count", "first_seen",
        "last_seen", "before", "after", "cause", "location_id",
      ])
    for line in change.requests {
      try requests.insert([
        runID, line.effect, line.source, line.destination, line.operation, line.count,
        line.firstSeen.text, line.lastSeen.text, line.before, line.after, line.cause,
        try locations.id(line.location),
      ])
    }
  }
}
