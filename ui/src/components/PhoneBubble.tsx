/*
 * PhoneBubble.tsx - a message as it stands in KakaoTalk: the bubble with its title, text and buttons.
 *
 * It is given either finished text or the pieces of lib/render.ts, whose values and gaps are marked.
 * It keeps a phone's light colours in the dark scheme too, because the phone does.
 */
import { useTranslation } from 'react-i18next';
import type { Piece } from '../lib/render';
import classes from './PhoneBubble.module.css';

type Text = string | Piece[];

export interface BubbleButton {
  name: string;
  type_name: string;
  target?: string | null;
}

export interface PhoneBubbleProps {
  sender: string;
  title?: Text | null;
  subtitle?: string | null;
  body: Text;
  extra?: string | null;
  buttons: BubbleButton[];
  label?: string;
}

function Pieces({ of }: { of: Text }) {
  if (typeof of === 'string') return of;
  return of.map((p, i) =>
    p.kind === 'fixed' ? (
      p.text
    ) : (
      <span key={i} className={classes[p.kind]}>
        {p.text}
      </span>
    ),
  );
}

export function PhoneBubble({ sender, title, subtitle, body, extra, buttons, label }: PhoneBubbleProps) {
  const { t } = useTranslation();
  return (
    <section className={classes.screen} aria-label={label ?? t('bubble.label')} data-testid="bubble">
      <div className={classes.row}>
        <span className={classes.avatar} aria-hidden>
          {sender.slice(0, 1)}
        </span>
        <div className={classes.side}>
          <p className={classes.sender}>{sender}</p>
          <div className={classes.bubble}>
            <div className={classes.head}>{t('bubble.arrived')}</div>
            <div className={classes.inner}>
              {subtitle && <p className={classes.subtitle}>{subtitle}</p>}
              {title && title.length > 0 && (
                <p className={classes.title}>
                  <Pieces of={title} />
                </p>
              )}
              <p className={classes.body}>
                <Pieces of={body} />
              </p>
              {extra && <p className={classes.extra}>{extra}</p>}
            </div>
            {buttons.length > 0 && (
              <ul className={classes.buttons}>
                {buttons.map((b, i) => (
                  <li key={i} className={classes.button}>
                    {b.name}
                    {b.target && <span className={classes.kind}>→ {b.target}</span>}
                  </li>
                ))}
              </ul>
            )}
          </div>
        </div>
      </div>
    </section>
  );
}
