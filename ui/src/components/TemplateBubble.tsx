/* TemplateBubble.tsx - a template as a bubble, its variables marked. */
import type { Schemas } from '../api/client';
import { asksForChannel } from '../lib/templates';
import { markVariables } from '../lib/variables';
import { PhoneBubble } from './PhoneBubble';

type Shown = Pick<
  Schemas['Template'],
  'name' | 'content' | 'type' | 'emphasis' | 'title' | 'subtitle' | 'extra'
> & {
  image_url?: string | null;
  buttons: { name: string; type: string }[];
};

interface Props {
  template: Shown;
  sender: string;
  still?: boolean;
}

export function TemplateBubble({ template: x, sender, still }: Props) {
  return (
    <PhoneBubble
      sender={sender}
      still={still}
      label={x.name}
      image={x.emphasis === 'IMAGE' ? (x.image_url ?? ' ') : null}
      title={x.title ? markVariables(x.title) : null}
      subtitle={x.subtitle}
      body={markVariables(x.content)}
      extra={x.extra}
      asksForChannel={asksForChannel(x.type)}
      buttons={x.buttons}
    />
  );
}
