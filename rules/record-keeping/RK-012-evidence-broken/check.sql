select
  'evidence of ' || coalesce(attested_run, 'no readable run') as subject,
  case when problem_count > 0 then 'fail' else 'pass' end as status,
  case
    when problem_count > 0
      then 'the evidence of ' || coalesce('run "' || attested_run || '"', 'a run')
        || ' does not hold: ' || json_extract(problems, '$[0]')
        || case
          when problem_count > 1 then ', and ' || (problem_count - 1) || ' more'
          else ''
        end
    else 'the evidence of run "' || attested_run || '" holds; its signature is '
      || case signature
        when 'valid' then 'valid'
        when 'not-checked' then 'not checked, for no public key was given'
        else 'missing: nobody answers for it'
      end
  end as message,
  location_id,
  json_object(
    'run', attested_run, 'sequence', sequence, 'signature', signature, 'problems', json(problems)
  ) as evidence
from evidence_run
order by sequence, attested_run, evidence_run_id
