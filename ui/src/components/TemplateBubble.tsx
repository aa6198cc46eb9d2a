/* TemplateBubble.tsx - a template as a bubble, its variables marked or filled with one contact's values. */
import type { Schemas } from '../api/client';
import { renderPieces } from '../lib/render';
import { PhoneBubble } from './PhoneBubble';

interface Props {
  template: Schemas['Template'];
  sender: string;
  values?: Record<string, Schemas['VariableSource']>;
  contact?: Schemas['Contact'] | null;
  links?: Schemas['CampaignLink'][];
}

export function TemplateBubble({ template: x, sender, values = {}, contact = null, links = [] }: Props) {
  return (
    <PhoneBubble
      sender={sender}
      label={x.name}
      title={x.title === null ? null : renderPieces(x.title, values, contact)}
      subtitle={x.subtitle}
      body={renderPieces(x.content, values, contact)}
      extra={x.extra}
      buttons={x.buttons.map((b) => ({
        name: b.name,
        type_name: b.type_name,
        target: b.tracked ? links.find((l) => l.button === b.ordinal)?.url : undefined,
      }))}
    />
  );
}
