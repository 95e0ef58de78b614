// How DuckDB tells that the bytes of a file are wrong, rather than the query.

/** What its message starts with then. */
export const damageSigns =
  /^(Invalid (Input )?Error|IO Error|Serialization Error|TProtocolException|Conversion Error)/;
