/// The functions that the SQL of rules may call: pure, and cheap for their input.
///
/// No clock (`date`, `strftime`, `julianday`, `unixepoch` all know "now"), no chance (`random`), no
/// memory for the asking (`printf`, `zeroblob`, `randomblob`), no extension. Time arithmetic is ours,
/// see `TimeFunctions`.
package enum RuleFunctions {
  package static let allowed: Set<String> = [
    // Core: https://www.sqlite.org/lang_corefunc.html
    "abs", "coalesce", "glob", "ifnull", "iif", "instr", "length", "like", "lower", "ltrim",
    "max", "min", "nullif", "replace", "round", "rtrim", "sign", "substr", "substring", "trim",
    "typeof", "unicode", "upper",
    // Aggregates and windows.
    "avg", "count", "group_concat", "sum", "total", "dense_rank", "first_value", "lag",
    "last_value", "lead", "rank", "row_number",
    // JSON: https://www.sqlite.org/json1.html
    "->", "->>", "json", "json_array", "json_array_length", "json_extract", "json_group_array",
    "json_group_object", "json_object", "json_quote", "json_type", "json_valid",
    // Ours.
    "seconds_between", "add_days", "add_months", "day_of",
  ]

  /// Table-valued functions; the connection meets them once before it is locked, because their first use
  /// writes to the schema in memory.
  package static let tables: Set<String> = ["json_each", "json_tree"]
}
