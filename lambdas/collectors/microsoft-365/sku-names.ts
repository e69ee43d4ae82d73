/**
 * Product names by SKU id, as Microsoft's page "Product names and service plan identifiers for licensing" gives them,
 * for the products that MSPs sell. Any other SKU is shown by its part number; `productNames` in the configuration adds
 * names.
 */
export const SKU_NAMES: ReadonlyMap<string, string> = new Map([
  ['3b555118-da6a-4418-894f-7df1e2096870', 'Microsoft 365 Business Basic'],
  ['f245ecc8-75af-4f8e-b61f-27d8114de5f3', 'Microsoft 365 Business Standard'],
  ['cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46', 'Microsoft 365 Business Premium'],
  ['cdd28e44-67e3-425e-be4c-737fab2899d3', 'Microsoft 365 Apps for Business'],
  ['c2273bd0-dff7-4215-9ef5-2c7bcfb06425', 'Microsoft 365 Apps for Enterprise'],
  ['44575883-256e-4a79-9da4-ebe9acabe2b2', 'Microsoft 365 F1'],
  ['66b55226-6b4f-492c-910c-a3b7a3c9d993', 'Microsoft 365 F3'],
  ['05e9a617-0261-4cee-bb44-138d3ef5d965', 'Microsoft 365 E3'],
  ['06ebc4ee-1bb5-47dd-8120-11324bc54e06', 'Microsoft 365 E5'],
  ['26124093-3d78-432b-b5dc-48bf992543d5', 'Microsoft 365 E5 Security'],
  ['0c266dff-15dd-4b49-8397-2bb16070ed52', 'Microsoft 365 Audio Conferencing'],
  ['639dec6b-bb19-468b-871c-c5c441c4b0cb', 'Microsoft Copilot for Microsoft 365'],
  ['18181a46-0d4e-45cd-891e-60aabd171b4e', 'Office 365 E1'],
  ['6fd2c87f-b296-42f0-b197-1e91e994b900', 'Office 365 E3'],
  ['c7df2760-2c81-4ef7-b578-5b5392b571df', 'Office 365 E5'],
  ['4b585984-651b-448a-9e53-3b10f069cf7f', 'Office 365 F3'],
  ['4b9405b0-7788-4568-add1-99614e613b69', 'Exchange Online (Plan 1)'],
  ['19ec0d23-8335-4cbd-94ac-6050e30712fa', 'Exchange Online (Plan 2)'],
  ['80b2d799-d2ba-4d2a-8842-fb0d0f3a4b82', 'Exchange Online Kiosk'],
  ['ee02fd1b-340e-4a4b-b355-4a514e4c8943', 'Exchange Online Archiving for Exchange Online'],
  ['1fc08a02-8b3d-43b9-831e-f76859e04e1a', 'SharePoint Online (Plan 1)'],
  ['a9732ec9-17d9-494c-a51c-d6b45b384dcb', 'SharePoint Online (Plan 2)'],
  ['e6778190-713e-4e4f-9119-8b8238de25df', 'OneDrive for Business (Plan 1)'],
  ['ed01faf2-1d88-4947-ae91-45ca18703a96', 'OneDrive for Business (Plan 2)'],
  ['078d2b04-f1bd-4111-bbd4-b4b1b354cef4', 'Microsoft Entra ID P1'],
  ['84a661c4-e949-4bd2-a560-ed7766fcaf2b', 'Microsoft Entra ID P2'],
  ['efccb6f7-5641-4e0e-bd10-b4976e1bf68e', 'Enterprise Mobility + Security E3'],
  ['b05e124f-c7cc-45a0-a6aa-8cf78c946968', 'Enterprise Mobility + Security E5'],
  ['061f9ace-7d42-4136-88ac-31dc755f143f', 'Intune'],
  ['4ef96642-f096-40de-a3e9-d83fb2f90211', 'Microsoft Defender for Office 365 (Plan 1)'],
  ['3dd6cf57-d688-4eed-ba52-9e40b5468c3e', 'Microsoft Defender for Office 365 (Plan 2)'],
  ['111046dd-295b-4d6d-9724-d52ac90bd1f2', 'Microsoft Defender for Endpoint'],
  ['e43b5b99-8dfb-405f-9987-dc307f34bcbd', 'Microsoft Teams Phone Standard'],
  ['295a8eb0-f78d-45c7-8b5b-1eed5ed02dff', 'Microsoft Teams Shared Devices'],
  ['440eaaa8-b3e0-484b-a8be-62870b9ba70a', 'Microsoft Teams Phone Resource Account'],
  ['6af4b3d6-14bb-4a2a-960c-6c902aad34f3', 'Microsoft Teams Rooms Basic'],
  ['4cde982a-ede4-4409-9ae6-b003453c8ea6', 'Microsoft Teams Rooms Pro'],
  ['f8a1db68-be16-40ed-86d5-cb42ce701560', 'Power BI Pro'],
  ['4b244418-9658-4451-a2b8-b5e2b364e9bd', 'Visio Plan 1'],
  ['c5928f49-12ba-48f7-ada3-0d743a3601d5', 'Visio Plan 2'],
  ['beb6439c-caad-48d3-bf46-0c82871e12be', 'Planner Plan 1'],
  ['53818b1b-4a27-454b-8896-0dba576410e6', 'Planner and Project Plan 3'],
  ['47794cd0-f0e5-45c5-9033-2eb6b5fc84e0', 'Communications Credits'],
  ['99049c9c-6011-4908-bf17-15f496e6519d', 'Office 365 Extra File Storage'],
  ['e5788282-6381-469f-84f0-3d7d4021d34d', 'Office 365 Extra File Storage for GCC'],
]);

/**
 * SKUs that nobody pays for: free, viral, trial and developer ones, as the licensing page names them. Left out unless
 * `countedSkuIds` names one.
 */
export const FREE_SKUS: ReadonlySet<string> = new Set([
  '90d8b3f8-712e-4f7b-aa1e-62e7ae6cbe96', // SMB_APPS
  'f30db892-07e9-47e9-837c-80727f46fd3d', // FLOW_FREE
  '16ddbbfc-09ea-4de2-b1d7-312db6112d70', // TEAMS_FREE
  'a403ebcc-fae0-4ca2-8c8c-7a907fd6c235', // POWER_BI_STANDARD
  '61e6bd70-fbdb-4deb-82ea-912842f39431', // DYN365_AI_SERVICE_INSIGHTS
  'bc946dac-7877-4271-b2f7-99d2db13cd2c', // FORMS_PRO
  '338148b6-1b11-4102-afb9-f92b6cdc0f8d', // DYN365_ENTERPRISE_P1_IW
  'fcecd1f9-a91e-488d-a918-a96cdb6ce2b0', // AX7_USER_TRIAL
  'dcb1a3ae-b33f-4487-846a-a640262fadf4', // POWERAPPS_VIRAL
  '74fbf1bb-47c6-4796-9623-77dc7371723b', // MS_TEAMS_IW
  '606b54a9-78d8-4298-ad8b-df6ef4481c80', // CCIBOTS_PRIVPREV_VIRAL
  '1f2f344a-700d-42c9-9427-5cea1d5d7ba6', // STREAM
  '6470687e-a428-4b7a-bef2-8a291ad947c9', // WINDOWS_STORE
  '710779e8-3d4a-4c88-adb9-386c958d1fdf', // TEAMS_EXPLORATORY
  'e0dfc8b9-9531-4ec8-94b4-9fec23b05fc8', // Microsoft_Teams_Exploratory_Dept
  '29a2f828-8f39-4837-b8ff-c957e86abe3c', // TEAMS_COMMERCIAL_TRIAL
  '8c4ce438-32a7-4ac5-91a6-e22ae08d9c8b', // RIGHTSMANAGEMENT_ADHOC
  '093e8d14-a334-43d9-93e3-30589a8b47d0', // RMSBASIC
  '5b631642-bd26-49fe-bd20-1daaa972ef80', // POWERAPPS_DEV
  '6a4a1628-9b9a-424d-bed5-4118f0ede3fd', // PROJECT_MADEIRA_PREVIEW_IW_SKU
  '6ec92958-3cc1-49db-95bd-bc6b3798df71', // Dynamics_365_Sales_Premium_Viral_Trial
  '3f9f06f5-3c31-472c-985f-62d9c10ec167', // Power_Pages_vTrial_for_Makers
  '9c7bff7a-3715-4da7-88d3-07f57f8d0fb6', // D365_SALES_PRO_IW
  '8f0c5670-4e56-4892-b06d-91c085d7004f', // SPZA_IW
  '87bbbc60-4754-4998-8c88-227dca264858', // POWERAPPS_INDIVIDUAL_USER
  'ade29b5f-397e-4eb9-a287-0344bd46c68d', // POWER_BI_STANDARD_FACULTY
  'bdcaf6aa-04c1-4b8f-b64e-6e3bd505ac64', // POWER_BI_STANDARD_STUDENT
  '189a915c-fe4f-4ffa-bde4-85b9628d07a0', // DEVELOPERPACK
  'c42b9cae-ea4f-4ab7-9717-81576235ccac', // DEVELOPERPACK_E5
  '1508ad2d-5802-44e6-bfe8-6fb65de63d28', // DYN365_RETAIL_TRIAL
  '036c2481-aa8a-47cd-ab43-324f0c157c2d', // DYN365_CUSTOMER_INSIGHTS_VIRAL
  '94a6fbd4-6a2f-4990-b356-dc7dd8bed08a', // Dynamics_365_Customer_Service_Enterprise_admin_trial
  '1e615a51-59db-4807-9957-aa83c3657351', // Dynamics_365_Customer_Service_Enterprise_viral_trial
  '29fcd665-d8d1-4f34-8eed-3811e3fca7b3', // Dynamics_365_Field_Service_Enterprise_viral_trial
  '99cb3f83-fbec-4aa1-8262-9679e6df7c53', // Dynamics_365_Guides_vTrial
  '7ed4877c-0863-4f69-9187-245487128d4f', // DYN365_REGULATORY_SERVICE
  '556640c0-53ea-4773-907d-29c55332983f', // Microsoft_Cloud_for_Sustainability_vTrial
]);
