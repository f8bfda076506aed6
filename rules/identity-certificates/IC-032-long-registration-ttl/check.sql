with registrations as (
  select
    'SPIRE entry ' || e.spiffe_id as subject,
    e.entry as discriminator,
    e.location_id,
    e.x509_ttl_seconds as x509_seconds,
    e.jwt_ttl_seconds as jwt_seconds
  from spire_entry e
  union all
  select
    'ClusterSPIFFEID ' || i.name,
    '',
    i.location_id,
    coalesce(i.duration_seconds, 0),
    coalesce(i.jwt_ttl_seconds, 0)
  from certificate_issuer i
  where i.kind = 'ClusterSPIFFEID'
)
select
  subject,
  discriminator,
  case
    when x509_seconds > :max_x509_seconds or jwt_seconds > :max_jwt_seconds then 'fail'
    else 'pass'
  end as status,
  case
    when x509_seconds > :max_x509_seconds
      then subject || ' asks for X.509-SVIDs of ' || (x509_seconds / 3600) || ' hours'
    when jwt_seconds > :max_jwt_seconds
      then subject || ' asks for JWT-SVIDs of ' || (jwt_seconds / 60) || ' minutes'
    else subject || ' asks for short-lived documents'
  end as message,
  location_id,
  json_object(
    'registration', subject, 'x509_ttl_seconds', x509_seconds, 'jwt_ttl_seconds', jwt_seconds,
    'max_x509_seconds', :max_x509_seconds, 'max_jwt_seconds', :max_jwt_seconds
  ) as evidence
from registrations
order by subject, discriminator
