/** Where the bundle is that this code is a part of. Whoever makes a bundle puts the URL of its module here. */
export const BUNDLE_URL: string | undefined = undefined;
