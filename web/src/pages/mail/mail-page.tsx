import { useQuery } from '@tanstack/react-query';
import { mailQuery } from '../../api/queries.ts';
import type { MailSettings } from '../../api/types.ts';
import { MailForm } from '../../forms/mail-form.tsx';
import { Bones } from '../../ui/bones.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';

/** What the signed-in person is told of by mail, and whether it arrives. */
export function MailPage() {
  const { data, error, refetch } = useQuery(mailQuery);
  return (
    <Page title="Mail" aside={data ? <bdi>{data.address}</bdi> : null}>
      {error ? <Failure failure={error} retry={() => void refetch()} /> : null}
      {data ? <Standing settings={data} /> : null}
      <Panel title="What you are told of by mail">
        <div className="panel-body stack">
          <p className="small">
            A mail says what it is about, its amount and where it stands here; nothing can be decided in it.
            Everybody chooses for themselves, and it begins with nothing.
          </p>
          {data ? <MailForm present={data} /> : error ? null : <Bones rows={9} label="Loading your choice" />}
        </div>
      </Panel>
    </Page>
  );
}

function Standing({ settings: { isSending, trouble } }: { settings: MailSettings }) {
  if (!isSending)
    return (
      <div className="notice tone-waiting" role="status">
        <strong>No mail is sent from here yet</strong>
        <span>Your choice is kept and counts once a mail server is set.</span>
        <span className="small">
          Whoever runs Tiebeam sets TIEBEAM_SMTP_URL, TIEBEAM_MAIL_FROM and TIEBEAM_WEB_ADDRESS.
        </span>
      </div>
    );
  if (trouble === null) return null;
  return (
    <div className="notice tone-bad" role="alert">
      <strong>Mail to you does not arrive</strong>
      <span>
        {trouble.waiting === 1 ? 'One thing waits' : `${trouble.waiting} things wait`} and will be sent again.
        Nothing else waits for it: see Review for what is yours to decide.
      </span>
      <span className="small">
        The mail server said: <bdi>{trouble.error}</bdi>
      </span>
    </div>
  );
}
