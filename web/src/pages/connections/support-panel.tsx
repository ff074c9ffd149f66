import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { makeFile } from '../../api/client.ts';
import { Failure } from '../../ui/failure.tsx';
import { useNotice } from '../../ui/notices.tsx';
import { Panel } from '../../ui/panel.tsx';
import { saveFile } from '../../ui/save-file.ts';

const DAYS = 7;

/** One file for whoever helps: made by an engineer or an administrator, and written down in the audit trail. */
export function SupportPanel() {
  const notice = useNotice();
  const [withNames, setWithNames] = useState(false);
  const make = useMutation({
    mutationFn: () => makeFile('/support-bundle', { days: DAYS, withNames }),
    onSuccess: (bundle) => {
      saveFile('tiebeam-support.tar.gz', bundle);
      notice('The support bundle is made');
    },
  });
  return (
    <Panel title="Support bundle">
      <div className="panel-body stack">
        <p className="small">
          One file with what a helper needs: versions, settings, checks, and what stands in trouble and why,
          of the last {DAYS} days. No credentials are in it, and without names no vendors, people and amounts.
          The audit trail says who made it.
        </p>
        <label className="choice">
          <input
            type="checkbox"
            checked={withNames}
            onChange={(event) => setWithNames(event.currentTarget.checked)}
          />
          <span>With names, amounts and whole sentences</span>
        </label>
        <Failure failure={make.error} />
        <div className="actions">
          <Button variant="default" loading={make.isPending} onClick={() => make.mutate()}>
            Make a support bundle
          </Button>
        </div>
      </div>
    </Panel>
  );
}
