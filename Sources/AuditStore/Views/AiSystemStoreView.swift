/// The view `ai_system_store`.
extension View {
  static let aiSystemStore = View(
    name: "ai_system_store", group: .register,
    description:
      "Data stores of AI systems, and who may write to them, as the register declares it.",
    columns: [
      Column(
        "ai_system_id", "joins `ai_system`",
        "p.system_id"),
      Column(
        "purpose",
        "training, features, memory, or writers for an identity that may write",
        "p.purpose"),
      Column(
        "peer", "ns/namespace/sa/account, or a SPIFFE ID",
        "p.peer"),
    ],
    source: """
      ai_system_stores p
      where p.run_id = (select run_id from current_run)
      """)
}
