import type { Me } from '../../api/types.ts';
import { PointOfViewForm } from '../../forms/point-of-view-form.tsx';
import { Panel } from '../../ui/panel.tsx';
import { humanWord } from '../../ui/words.ts';

/** Whose words the pages speak: seen by everybody, chosen by an engineer or a controller for the whole company. */
export function PointOfViewPanel({ me: { user, tenant } }: { me: Me }) {
  const may = user.roles.includes('engineer') || user.roles.includes('controller');
  return (
    <Panel title="Point of view" aside={<span className="quiet">{humanWord(tenant.pointOfView)}</span>}>
      <div className="panel-body stack">
        <p className="small">
          Procore has other words for a company that owns what is built, or that works under a general
          contractor. Choose the same here. Questions, reasons and history keep the words in which they were
          written.
        </p>
        {may ? (
          <PointOfViewForm present={tenant.pointOfView} />
        ) : (
          <p className="small quiet">An engineer or a controller may choose.</p>
        )}
      </div>
    </Panel>
  );
}
