/// SQL that the views of the access graph share: pairs of classes as pairs of their members.
enum AccessPairSQL {
  /// From the outcome `e` over the pair of classes `c` to the source `s` and the destination `d`.
  static let tables = """
    access_outcomes e
      join access_class_pairs c on c.outcome_id = e.outcome_id
      join access_sources s on s.class_id = c.source_class_id
      join access_destinations d on d.class_id = c.destination_class_id
    """

  /// The row of the rest stands for classes that have none of their own at the destination.
  static let isHeld = """
    (
      c.is_rest = 0 or not exists (
        select 1
        from access_class_pairs o
        where o.destination_class_id = c.destination_class_id
          and o.source_class_id = s.own_class_id
      )
    )
    """
}
