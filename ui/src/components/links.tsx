/* links.tsx - Mantine's anchor and button as links of the router, with checked addresses. */
import { Anchor, type AnchorProps, Button, type ButtonProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import { type ReactNode, type Ref, forwardRef } from 'react';

interface Plain {
  children?: ReactNode;
  title?: string;
  tabIndex?: number;
}
type PlainAnchorProps = Omit<AnchorProps, 'href'> & Plain;
type PlainButtonProps = Omit<ButtonProps, 'href'> & Plain;

const PlainAnchor = forwardRef((props: PlainAnchorProps, ref: Ref<HTMLAnchorElement>) => (
  <Anchor ref={ref} {...props} />
));
PlainAnchor.displayName = 'PlainAnchor';

const PlainButton = forwardRef((props: PlainButtonProps, ref: Ref<HTMLAnchorElement>) => (
  <Button component="a" ref={ref} {...props} />
));
PlainButton.displayName = 'PlainButton';

export const AnchorLink = createLink(PlainAnchor);
export const ButtonLink = createLink(PlainButton);
