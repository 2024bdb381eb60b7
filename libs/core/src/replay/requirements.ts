/** What is asked of replay memory that was lost. Digest: threats. */
export const replayRequirements = {
  'THR-68': 'nothing is accepted that may have been used at a time of which the memory is lost',
} as const;
