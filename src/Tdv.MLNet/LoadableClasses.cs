// What ML.NET may find in a saved model: the names are in every zip and never change.
using Microsoft.ML;
using Microsoft.ML.Runtime;
using Tdv.MLNet;

[assembly: LoadableClass(
    typeof(TdvFeaturizingTransformer),
    null,
    typeof(SignatureLoadModel),
    "TDV featurizer",
    TdvFeaturizingTransformer.LoaderSignature
)]
[assembly: LoadableClass(
    typeof(MaskLoadingTransformer),
    null,
    typeof(SignatureLoadModel),
    "Mask loader",
    MaskLoadingTransformer.LoaderSignature
)]
[assembly: LoadableClass(
    typeof(ColorFeaturizingTransformer),
    null,
    typeof(SignatureLoadModel),
    "Color featurizer",
    ColorFeaturizingTransformer.LoaderSignature
)]
[assembly: LoadableClass(
    typeof(PixelWiseTransformer),
    null,
    typeof(SignatureLoadModel),
    "Pixel-wise classifier",
    PixelWiseTransformer.LoaderSignature
)]
[assembly: LoadableClass(
    typeof(PatchFeaturizingTransformer),
    null,
    typeof(SignatureLoadModel),
    "Patch featurizer",
    PatchFeaturizingTransformer.LoaderSignature
)]
[assembly: LoadableClass(
    typeof(PictureLoadingTransformer),
    null,
    typeof(SignatureLoadModel),
    "Picture loader",
    PictureLoadingTransformer.LoaderSignature
)]
[assembly: LoadableClass(
    typeof(FlowReadingTransformer),
    null,
    typeof(SignatureLoadModel),
    "Flow reading",
    FlowReadingTransformer.LoaderSignature
)]
[assembly: LoadableClass(
    typeof(TdvSummarizingTransformer),
    null,
    typeof(SignatureLoadModel),
    "TDV clip summarizer",
    TdvSummarizingTransformer.LoaderSignature
)]
[assembly: LoadableClass(
    typeof(CellMatchingTransformer),
    null,
    typeof(SignatureLoadModel),
    "Flow and disparity from features",
    CellMatchingTransformer.LoaderSignature
)]
