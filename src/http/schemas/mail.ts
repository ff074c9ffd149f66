import { z } from 'zod';
import { MAIL_DELIVERIES } from '../../domain/mail.ts';

const delivery = z.enum(['off', ...MAIL_DELIVERIES]);

const choices = {
  /** Questions that wait for one of the person's roles. */
  waits: delivery,
  /** Orders that were made or changed in the ERP. */
  ordered: delivery,
  /** Of the day, in UTC, for what comes daily. */
  hour: z.number().int().min(0).max(23),
};

export const MailSettings = z.object({
  ...choices,
  /** False where this installation sends no mail; choices are kept until it does. */
  isSending: z.boolean(),
  address: z.string(),
  /** What keeps mail from arriving, if anything does. */
  trouble: z.object({ error: z.string(), waiting: z.number().int() }).nullable(),
});

export const ChooseMail = z.object(choices).strict();
