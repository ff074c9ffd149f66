import type { ProcoreClient } from '../http/client.ts';
import type { Hub, SourceFile } from '../hub.ts';
import { changeOrderShow, contractShow, parsed } from '../wire.ts';
import { changeOrderPath } from './change-order-reads.ts';
import { commitmentPath } from './commitment-reads.ts';
import { isCarried, nameOf, type OrderFiles, type ShownFile } from './order-files.ts';

type Reading = { readonly client: Pick<ProcoreClient, 'find' | 'file'> };

/** Files of commitments and change orders; their addresses are asked for again, because addresses expire. */
export function orderFiles({ client }: Reading, rule: OrderFiles): Hub['orderFiles'] {
  return {
    isCarried: (name) => isCarried(rule, name),
    async ofCommitment(ref, fileId) {
      const found = await client.find(commitmentPath(ref));
      if (found === null) return null;
      return read(client, parsed(contractShow, found.value, `commitment ${ref.id}`).attachments, fileId);
    },
    async ofChangeOrder(ref, fileId) {
      const found = await client.find(changeOrderPath(ref));
      if (found === null) return null;
      const { attachments } = parsed(changeOrderShow, found.value, `change order package ${ref.id}`);
      return read(client, attachments, fileId);
    },
  };
}

async function read(
  client: Reading['client'],
  shown: readonly ShownFile[],
  fileId: string,
): Promise<SourceFile | null> {
  const file = shown.find(({ id }) => id === fileId);
  if (!file?.url) return null;
  const bytes = await client.file(file.url);
  return bytes === null ? null : { name: nameOf(file), bytes };
}
