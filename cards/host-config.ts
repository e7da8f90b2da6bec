const FAMILY = "'Segoe UI', 'Noto Sans CJK JP', 'Noto Color Emoji', sans-serif";
const SIZES = {
  fontSizes: { small: 13, default: 15, medium: 17, large: 20, extraLarge: 28 },
  fontWeights: { lighter: 300, default: 400, bolder: 600 },
  lineHeights: { small: 18, default: 21, medium: 24, large: 28, extraLarge: 36 },
} as const;

/** Teams' light theme in the words of adaptivecards' HostConfig, close enough to judge a card by. */
export const TEAMS_LIKE = {
  fontFamily: FAMILY,
  fontTypes: {
    default: { fontFamily: FAMILY, ...SIZES },
    monospace: { fontFamily: "'Noto Sans Mono CJK JP', 'Noto Color Emoji', monospace", ...SIZES },
  },
  spacing: {
    small: 6,
    default: 10,
    medium: 14,
    large: 18,
    extraLarge: 24,
    padding: 12,
  },
  separator: { lineThickness: 1, lineColor: '#e1e1e1' },
  supportsInteractivity: true,
  containerStyles: {
    default: { backgroundColor: '#ffffff', foregroundColors: colors('#242424', '#616161') },
    emphasis: { backgroundColor: '#f5f5f5', foregroundColors: colors('#242424', '#616161') },
    accent: { backgroundColor: '#e8ebfa', foregroundColors: colors('#242424', '#484644') },
    good: { backgroundColor: '#e7f2da', foregroundColors: colors('#242424', '#484644') },
    warning: { backgroundColor: '#fbf0d9', foregroundColors: colors('#242424', '#484644') },
    attention: { backgroundColor: '#fcf4f6', foregroundColors: colors('#242424', '#484644') },
  },
  actions: {
    maxActions: 6,
    spacing: 'default',
    buttonSpacing: 8,
    actionsOrientation: 'horizontal',
    actionAlignment: 'left',
    showCard: { actionMode: 'inline', inlineTopMargin: 8 },
  },
  inputs: { label: { requiredInputs: { weight: 'bolder' }, optionalInputs: { weight: 'bolder' } } },
};

function colors(text: string, subtle: string): Record<string, { default: string; subtle: string }> {
  return {
    default: { default: text, subtle },
    accent: { default: '#5b5fc7', subtle: '#5b5fc7' },
    good: { default: '#237b4b', subtle: '#237b4b' },
    warning: { default: '#835c00', subtle: '#835c00' },
    attention: { default: '#c4314b', subtle: '#c4314b' },
  };
}
