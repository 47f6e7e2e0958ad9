using Decant.Core.Channels.Constants;
using Decant.Core.Channels.Rules;

namespace Decant.Core.Channels;

/// <summary>The rules by which operators say how channels pass through them.</summary>
internal static class ChannelRules
{
    /// <summary>No channel that the operator reads or makes is pruned.</summary>
    public static readonly ChannelRule Unknown = new UnknownRule();

    /// <summary>Outputs have the channels of input 0; nothing is known of constants.</summary>
    public static readonly ChannelRule Same = new SameRule(_ => []);

    /// <summary>Outputs have the channels of input 0, and their constants.</summary>
    public static readonly ChannelRule Pass = new SameRule(ConstantRules.Pass);

    public static readonly ChannelRule Dropout = new SameRule(n => n.Has(2) ? [] : ConstantRules.Pass(n)),
        Clip = new SameRule(ConstantRules.Clip),
        PRelu = new PReluRule(),
        Kept = new ElementwiseRule(null, ChannelRole.Companion),
        Conv = new ConvRule(),
        ConvTranspose = new ConvTransposeRule(),
        Gemm = new GemmRule(),
        MatMul = new MatMulRule(),
        Recurrent = new RecurrentRule(),
        BatchNormalization = new NormRule(NormConstants.Batch),
        InstanceNormalization = new NormRule(NormConstants.Instance),
        GroupNormalization = new SharedNormRule((_, axis) => axis > 0),
        LRN = new SharedNormRule((_, axis) => axis == 1),
        Pool = new PoolRule(_ => []),
        PoolOfConstants = new PoolRule(ConstantRules.Pass),
        AveragePool = new PoolRule(ConstantRules.AveragePool),
        Reduce = new ReduceRule(_ => []),
        ReduceOfConstants = new ReduceRule(ConstantRules.Pass),
        Quantizer = new QuantizeRule(),
        Flatten = new ReshapeRule(cut => cut.Node),
        Unsqueeze = new ReshapeRule(cut => cut.Node),
        Reshape = new ReshapeRule(ReshapeRule.Target),
        Squeeze = new ReshapeRule(ReshapeRule.Squeezed),
        Transpose = new TransposeRule(),
        Concat = new ConcatRule(),
        Split = new SplitRule(),
        Slice = new SliceRule(),
        Pad = new PadRule(),
        Gather = new GatherRule(),
        Resize = new ResizeRule(),
        Shape = new ShapeRule();
}
