import type { AccountRecord } from '../../../domain/records.ts';
import type { AccountEntity } from '../service-layer/wire.ts';

/** An account. With segmentation the code is internal (`_SYS...`) and people know it by its format code. */
export function accountRecord(entity: AccountEntity): AccountRecord {
  const segmented = entity.Code.startsWith('_SYS') && entity.FormatCode !== '';
  return {
    object: 'account',
    id: entity.Code,
    name: segmented ? `${entity.FormatCode} ${entity.Name.trim()}` : entity.Name.trim(),
    postable: isPostable(entity),
    ...(entity.AccountType === 'at_Expenses' ? { expense: true } : {}),
  };
}

/** Title accounts are not active; control accounts are locked for manual use; frozen ones are out of use. */
function isPostable(entity: AccountEntity): boolean {
  return (
    entity.ActiveAccount === 'tYES' &&
    entity.LockManualTransaction !== 'tYES' &&
    entity.BlockManualPosting !== 'tYES' &&
    entity.FrozenFor !== 'tYES'
  );
}
