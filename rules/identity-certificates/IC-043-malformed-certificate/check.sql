with defects (code, severity, words) as (
  values
    ('duplicate-extension', 'high', 'carry an extension twice'),
    ('unknown-critical-extension', 'high', 'carry a critical extension that verifiers do not know'),
    ('signature-algorithm-mismatch', 'high', 'name another signature algorithm outside than inside'),
    ('san-control-character', 'high', 'have a control character in a name'),
    ('san-encoding', 'high', 'have a name that is no ASCII text or address'),
    ('validity-not-positive', 'high', 'end before they begin'),
    ('nameless', 'high', 'name nobody'),
    ('L2', 'high', 'have a common name that is not the Linkerd name'),
    ('L4', 'high', 'have a key that is not on P-256, as Linkerd asks'),
    ('L5', 'high', 'are not signed with ECDSA and SHA-256, as Linkerd asks'),
    ('san-not-critical', 'medium', 'have no subject, and alternative names that are not critical'),
    ('san-empty', 'medium', 'have an empty list of alternative names'),
    ('extensions-without-version-3', 'medium', 'have extensions without being of version 3'),
    ('version-not-3', 'medium', 'are not of version 3'),
    ('unknown-version', 'medium', 'have a version that does not exist'),
    ('extension-malformed', 'medium', 'have an extension that cannot be read'),
    ('basic-constraints-not-critical', 'medium', 'are CAs whose basic constraints are not critical'),
    ('ca-without-subject-key-id', 'medium', 'are CAs without a subject key identifier'),
    ('without-authority-key-id', 'medium', 'have no authority key identifier'),
    ('name-constraints-not-critical', 'medium', 'have name constraints that are not critical'),
    ('name-constraints-in-leaf', 'medium', 'are no CAs and constrain names'),
    ('path-length-without-ca', 'low', 'have a path length without being a CA'),
    ('serial-zero', 'low', 'have the serial number 0'),
    ('serial-negative', 'low', 'have a negative serial number'),
    ('serial-too-long', 'low', 'have a serial number of more than 20 bytes'),
    ('unique-identifier', 'low', 'have unique identifiers'),
    ('too-many-extensions', 'low', 'have more than 32 extensions'),
    ('extensions-empty', 'low', 'have an empty list of extensions'),
    ('issuer-empty', 'low', 'have an issuer without a name'),
    ('signature-parameters', 'low', 'have parameters that their signature algorithm does not allow'),
    ('key-parameters', 'low', 'have parameters that their key algorithm does not allow'),
    ('name-encoding', 'low', 'have a name that is not encoded as it says'),
    ('name-control-character', 'low', 'have a control character in a distinguished name'),
    ('name-markup', 'low', 'have markup in a distinguished name'),
    ('name-string-type', 'low', 'have a distinguished name in an outdated type of string'),
    ('time-malformed', 'low', 'have a time that is none'),
    ('time-type', 'low', 'have a time of the wrong type'),
    ('time-fraction', 'low', 'have a time with fractions of seconds'),
    ('trailing-bytes', 'low', 'have bytes after their end'),
    ('non-minimal-length', 'low', 'have a length that is not encoded in DER'),
    ('non-minimal-integer', 'low', 'have a number that is not encoded in DER'),
    ('non-der-boolean', 'low', 'have a truth value that is not encoded in DER'),
    ('non-der-bit-string', 'low', 'have a bit string that is not encoded in DER'),
    ('explicit-default', 'low', 'write out a default value, which DER leaves out')
),
codes as (
  select c.certificate_id, a.value as code
  from certificate c, json_each(c.anomalies) a
  union
  select c.certificate_id, f.value
  from certificate c, json_each(c.svid_failures) f
  where f.value in ('L2', 'L4', 'L5')
),
certificates as (
  select
    certificate_id,
    coalesce(nullif(issuer, ''), 'without a name') as issuer,
    name,
    parse_status,
    location_id
  from certificate
  where parse_status <> 'failed'
),
found as (
  select
    c.issuer,
    d.code,
    d.severity,
    d.words,
    count(*) as certificate_count,
    min(c.name) as example,
    min(c.location_id) as location_id
  from certificates c
  join codes k on k.certificate_id = c.certificate_id
  join defects d on d.code = k.code
  group by c.issuer, d.code, d.severity, d.words
),
clean as (
  select
    c.issuer,
    max(c.parse_status in ('complete', 'partial')) as is_told,
    count(*) as certificate_count,
    min(c.location_id) as location_id
  from certificates c
  where c.issuer not in (select f.issuer from found f)
  group by c.issuer
)
select
  'issuer ' || issuer as subject,
  code as discriminator,
  'fail' as status,
  severity,
  certificate_count || case certificate_count when 1 then ' certificate' else ' certificates' end
    || ' of "' || issuer || '" ' || words || ', for example that of "' || example || '"' as message,
  location_id,
  json_object(
    'issuer', issuer, 'defect', code, 'certificates', certificate_count, 'for_example', example
  ) as evidence
from found
union all
select
  'issuer ' || issuer,
  '',
  case when is_told = 1 then 'pass' else 'not-assessed' end,
  null,
  case
    when is_told = 1
      then 'the certificates of "' || issuer || '" are formed as their standards ask'
    else 'the certificates of "' || issuer
      || '" are known from formats that do not tell how they are formed'
  end,
  location_id,
  json_object('issuer', issuer, 'certificates', certificate_count)
from clean
order by subject, discriminator
