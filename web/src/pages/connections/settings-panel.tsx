import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { connectionFormQuery } from '../../api/queries.ts';
import type { SystemForm } from '../../api/types.ts';
import { ConnectionForm } from '../../forms/connection-form.tsx';
import { Bones } from '../../ui/bones.tsx';
import { Failure } from '../../ui/failure.tsx';
import { useNotice } from '../../ui/notices.tsx';
import { Panel } from '../../ui/panel.tsx';

/** Address and login of a connection, changed only by somebody who asked for the form. */
export function SettingsPanel({ id, system }: { id: string; system: SystemForm }) {
  const [isEditing, setIsEditing] = useState(false);
  const notice = useNotice();
  return (
    <Panel
      title="Settings"
      aside={
        isEditing ? null : (
          <Button size="compact-sm" variant="default" onClick={() => setIsEditing(true)}>
            Edit
          </Button>
        )
      }
    >
      <div className="panel-body">
        {isEditing ? (
          <Editing
            id={id}
            system={system}
            onEnd={(isSaved) => {
              if (isSaved) notice('The connection was saved');
              setIsEditing(false);
            }}
          />
        ) : (
          <p className="small">
            Where {system.title} is, and who signs in there. Secrets are stored and never shown.
          </p>
        )}
      </div>
    </Panel>
  );
}

interface EditingProps {
  id: string;
  system: SystemForm;
  onEnd: (isSaved: boolean) => void;
}

function Editing({ id, system, onEnd }: EditingProps) {
  const { data, error, refetch } = useQuery(connectionFormQuery(id));
  if (error) return <Failure failure={error} retry={() => void refetch()} />;
  if (!data) return <Bones rows={6} label="Loading the settings" />;
  return (
    <ConnectionForm system={system} stored={data} onSaved={() => onEnd(true)} onCancel={() => onEnd(false)} />
  );
}
