using Decant.Core;
using Decant.Techniques;

namespace Decant.Tests.Techniques;

/// <summary>Techniques made from options as a recipe gives them.</summary>
internal static class Options
{
    public static Technique Make(string technique, params (string Name, string Value)[] values) =>
        TechniqueCatalogue.Shipped.Read(technique, Texts(values));

    /// <summary>Options read from texts by their keys.</summary>
    public static T Read<T>(params (string Name, string Value)[] values) =>
        (T)OptionSchema.Of(typeof(T)).Read(Texts(values), TechniqueCatalogue.Shipped.Families);

    private static OptionTexts Texts((string Name, string Value)[] values) =>
        new("option of this technique", values.ToDictionary(v => v.Name, v => v.Value));

    /// <summary>What a technique makes of one weight.</summary>
    public static Encoding Apply(this Technique technique, Encoding weight, double progress = 1, ulong seed = 1) =>
        technique.Plan([new Weight("w", weight)], progress, seed).Single().Encoding(new Weight("w", weight));

    /// <summary>What a technique plans for some weights of a network that has nothing else.</summary>
    public static IReadOnlyList<PlannedChange> Plan(
        this Technique technique,
        IReadOnlyList<Weight> weights,
        double progress = 1,
        ulong seed = 1
    )
    {
        const int Rounds = 10_000;
        return technique.Plan(
            new TechniqueContext(Holding(weights), weights, (int)Math.Round(progress * Rounds), Rounds) { Seed = seed }
        );
    }

    /// <summary>What a planned change makes of a weight.</summary>
    public static Encoding Encoding(this PlannedChange change, Weight weight) =>
        change.Apply(Holding([weight])).Weights[change.Target].Encoding;

    private static Network Holding(IReadOnlyList<Weight> weights) => new("", [], [], [], weights);

    public static Encoding Dense(params float[] values) => new DenseEncoding(Tensor.Vector(values));

    public static float[] Values(this Encoding encoding) => encoding.Decode().Array<float>();
}
