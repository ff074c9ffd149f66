import { MAIL_ABOUT, type MailAbout } from '../../domain/mail.ts';
import { inTenant } from '../../store/database/transaction.ts';
import { chooseMail, mailChoices, mailTrouble } from '../../store/people/mail.ts';
import { callerOf } from '../access.ts';
import { type Api, answers } from '../api.ts';
import type { HttpDeps } from '../deps.ts';
import { Done } from '../schemas/answers.ts';
import { ChooseMail, MailSettings } from '../schemas/mail.ts';

// Before most people in North America begin.
const USUAL_HOUR = 12;

/** What the signed-in person is told of by mail: everybody chooses for themselves. */
export async function mailRoutes(app: Api, deps: HttpDeps): Promise<void> {
  app.get(
    '/mail',
    { config: { access: 'signed-in' }, schema: { response: answers(MailSettings) } },
    async (request) => {
      const { tenant, person } = callerOf(request);
      return inTenant(deps.pools.app, tenant, async (tx) => {
        const chosen = await mailChoices(tx, person.id);
        const of = (about: MailAbout) =>
          chosen.find((choice) => choice.about === about)?.delivery ?? ('off' as const);
        return {
          waits: of('waits'),
          ordered: of('ordered'),
          hour: chosen[0]?.hour ?? USUAL_HOUR,
          isSending: deps.sendsMail,
          address: person.email,
          trouble: await mailTrouble(tx, person.id),
        };
      });
    },
  );

  app.put(
    '/mail',
    { config: { access: 'signed-in' }, schema: { body: ChooseMail, response: answers(Done) } },
    async (request) => {
      const { tenant, person } = callerOf(request);
      const { hour, ...wanted } = request.body;
      const choices = MAIL_ABOUT.flatMap((about) => {
        const delivery = wanted[about];
        return delivery === 'off' ? [] : [{ about, delivery, hour }];
      });
      await inTenant(deps.pools.app, tenant, (tx) => chooseMail(tx, person.id, choices));
      return { ok: true as const };
    },
  );
}
