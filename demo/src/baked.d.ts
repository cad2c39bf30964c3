/** Data made by the build, in base 64. */
declare module "baked:emoji" {
  const base64: string;
  export default base64;
}
