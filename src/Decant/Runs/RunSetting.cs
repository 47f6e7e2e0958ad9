using Decant.Core;
using Decant.Recipes;
using Decant.Techniques;
using Decant.Techniques.Statistics;
using Decant.Training.Data;

namespace Decant.Runs;

/// <summary>What a run works with beside the network, and what of it techniques may look at.</summary>
/// <param name="Seed">Decides every random choice.</param>
/// <param name="Data">Training images, those held out apart; null if the run has none.</param>
/// <param name="HeldOut">Training images to watch accuracy on; null for none. Techniques do not see them.</param>
/// <param name="Preprocessing">The pixel arithmetic.</param>
/// <param name="Reference">The network that the run began with; null where no technique of the run asks for it.</param>
/// <param name="Teacher">Another network to learn from; null if the run has none.</param>
/// <param name="Statistics">Statistics of the network's values; null if they are to be gathered.</param>
internal sealed record RunSetting(
    ulong Seed, Dataset? Data, Dataset? HeldOut, Preprocessing Preprocessing, Network? Reference, Teacher? Teacher, NetworkStatistics? Statistics)
{
    /// <summary>The setting of a recipe's run.</summary>
    public static RunSetting Of(Recipe recipe, CompressionOptions options, Preprocessing preprocessing, Network? reference)
    {
        (Dataset? train, Dataset? heldOut) = (options.Train, null);
        if (recipe.HoldOut > 0 && train is not null) (train, heldOut) = train.Split(recipe.HoldOut, options.Seed);
        return new RunSetting(options.Seed, train, heldOut, preprocessing, reference, RunTeacher.Of(options, preprocessing), options.Statistics);
    }
}
