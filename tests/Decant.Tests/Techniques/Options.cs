using Decant.Core;
using Decant.Techniques;

namespace Decant.Tests.Techniques;

/// <summary>Techniques made from options as a recipe gives them.</summary>
internal static class Options
{
    public static Technique Make(string technique, params (string Name, string Value)[] values) => Make(technique, 1, values);

    public static Technique Make(string technique, ulong seed, params (string Name, string Value)[] values) =>
        TechniqueCatalogue.Create(technique, new TechniqueOptions(values.ToDictionary(v => v.Name, v => v.Value), (_, message) => new DecantException(message)), seed);

    /// <summary>What a technique makes of one weight.</summary>
    public static Encoding Apply(this Technique technique, Encoding weight, double progress = 1) =>
        technique.Plan([new Weight("w", weight)], progress).Single().Apply();

    public static Encoding Dense(params float[] values) => new DenseEncoding(Tensor.Vector(values));

    public static float[] Values(this Encoding encoding) => encoding.Decode().Array<float>();
}
