import AuditModel
import GRDB
import MeshModel

/// Writes revocation lists, each once however often it was met.
enum RevocationWriter {
  static func write(
    _ facts: RunFacts, _ connection: Database, runID: Int64, locations: LocationWriter
  ) throws {
    let lists = try RowWriter(
      connection, table: "revocation_lists",
      columns: [
        "run_id", "fingerprint", "issuer", "authority_key_id", "number", "this_update",
        "next_update", "signature", "is_delta", "is_decisive", "entry_count", "location_id",
      ])
    let serials = try RowWriter(
      connection, table: "revoked_serials",
      columns: ["revocation_list_id", "serial", "revoked_at", "reason"])
    var seen: Set<String> = []
    for list in facts.revocationLists where seen.insert(list.id).inserted {
      let isDecisive = !list.isIndirect && list.unknownCriticalExtensions.isEmpty
      let id = try lists.insert([
        runID, list.id, list.issuer, list.authorityKeyID, list.number, list.thisUpdate?.text,
        list.nextUpdate?.text, list.signature.rawValue, list.isDelta, isDecisive,
        list.entries.count, try locations.id(list.place.location),
      ])
      for entry in list.entries {
        try serials.insert([id, entry.serial, entry.revokedAt?.text, entry.reason.name])
      }
    }
  }
}
